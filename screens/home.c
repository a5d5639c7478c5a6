/* The start page: the few things one can do here. */
#include "screens/screens.h"

#include "kiosk/base/i18n.h"
#include "kiosk/ui/shell.h"

const struct screen screen_home = {
    .name = "home",
    .title = N_("What would you like to do?"),
};
