/* The table of screens, made from list.def. */
#include "screens/screens.h"

const struct screen *const screens[SCREEN_COUNT] = {
#define SCREEN(number, file) [SCREEN_##number] = &screen_##file,
#include "screens/list.def"
#undef SCREEN
};
