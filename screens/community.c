/* One community. */
#include "screens/screens.h"

#include "kiosk/base/i18n.h"
#include "kiosk/ui/shell.h"

const struct screen screen_community = {
    .name = "community",
    .title = N_("Community"),
};
