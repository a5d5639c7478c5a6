/* The choice of language, each by its own name. */
#include "screens/screens.h"

#include "kiosk/base/i18n.h"
#include "kiosk/ui/shell.h"

const struct screen screen_language = {
    .name = "language",
    .title = N_("Language"),
};
