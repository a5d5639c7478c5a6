/* A ticket by its code. */
#include "screens/screens.h"

#include "kiosk/base/i18n.h"
#include "kiosk/ui/shell.h"

const struct screen screen_myticket = {
    .name = "myticket",
    .title = N_("My ticket"),
};
