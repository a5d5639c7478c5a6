/* The staff page. */
#include "screens/screens.h"

#include "kiosk/base/i18n.h"
#include "kiosk/ui/shell.h"

const struct screen screen_staff = {
    .name = "staff",
    .title = N_("For staff"),
};
