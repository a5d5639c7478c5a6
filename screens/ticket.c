/* The ticket, right after the sign-up. */
#include "screens/screens.h"

#include "kiosk/base/i18n.h"
#include "kiosk/ui/shell.h"

const struct screen screen_ticket = {
    .name = "ticket",
    .title = N_("Your ticket"),
};
