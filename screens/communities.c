/* The list of communities. */
#include "screens/screens.h"

#include "kiosk/base/i18n.h"
#include "kiosk/ui/shell.h"

const struct screen screen_communities = {
    .name = "communities",
    .title = N_("Communities"),
};
