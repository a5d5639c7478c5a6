/* The sign-up form. */
#include "screens/screens.h"

#include "kiosk/base/i18n.h"
#include "kiosk/ui/shell.h"

const struct screen screen_signup = {
    .name = "signup",
    .title = N_("Sign up"),
};
