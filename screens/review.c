/* What will be sent, before it is. */
#include "screens/screens.h"

#include "kiosk/base/i18n.h"
#include "kiosk/ui/shell.h"

const struct screen screen_review = {
    .name = "review",
    .title = N_("Check what you typed"),
};
