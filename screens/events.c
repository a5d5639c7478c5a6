/* The agenda. */
#include "screens/screens.h"

#include "kiosk/base/i18n.h"
#include "kiosk/ui/shell.h"

const struct screen screen_events = {
    .name = "events",
    .title = N_("Events"),
};
