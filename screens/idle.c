/* The question before everything is wiped. */
#include "screens/screens.h"

#include "kiosk/base/i18n.h"
#include "kiosk/ui/shell.h"

const struct screen screen_idle = {
    .name = "idle",
    .title = N_("Are you still here?"),
};
