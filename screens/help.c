/* What can be pressed on the screen below. */
#include "screens/screens.h"

#include "kiosk/base/i18n.h"
#include "kiosk/ui/shell.h"

const struct screen screen_help = {
    .name = "help",
    .title = N_("Help"),
};
