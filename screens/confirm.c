/* A yes/no question. */
#include "screens/screens.h"

#include "kiosk/base/i18n.h"
#include "kiosk/ui/shell.h"

const struct screen screen_confirm = {
    .name = "confirm",
    .title = N_("Please answer"),
};
