/* What stands on the screen while nobody is there. */
#include "screens/screens.h"

#include "kiosk/base/i18n.h"
#include "kiosk/ui/shell.h"

const struct screen screen_attract = {
    .name = "attract",
    .title = N_("Welcome"),
};
