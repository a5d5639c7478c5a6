/* One event. */
#include "screens/screens.h"

#include "kiosk/base/i18n.h"
#include "kiosk/ui/shell.h"

const struct screen screen_event = {
    .name = "event",
    .title = N_("Event"),
};
