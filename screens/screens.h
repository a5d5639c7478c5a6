/* The screens by number, for shell_open(). A new screen is a new file and a line in list.def. */
#ifndef SCREENS_SCREENS_H
#define SCREENS_SCREENS_H

#include "kiosk/ui/screen.h"

enum screen_number {
#define SCREEN(number, file) SCREEN_##number,
#include "screens/list.def"
#undef SCREEN
    SCREEN_COUNT
};

#define SCREEN(number, file) extern const struct screen screen_##file;
#include "screens/list.def"
#undef SCREEN

extern const struct screen *const screens[SCREEN_COUNT];

#endif
