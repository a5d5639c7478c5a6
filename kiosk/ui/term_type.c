/* Which terminal this is, asked of terminfo before curses takes over: a newterm() that fails leaks. */
#include "kiosk/ui/term_type.h"

#include <curses.h>
#include <stdlib.h>
#include <term.h>
#include <unistd.h>

static int term_type_moves(const char *type)
{
    int status;
    if (setupterm(type, STDOUT_FILENO, &status) != OK)
        return 0;
    const char *cup = tigetstr("cup");
    int moves = cup && cup != (char *)-1;
    del_curterm(cur_term);
    return moves;
}

const char *term_type_find(void)
{
    const char *types[] = {getenv("TERM"), "linux", "vt100"};
    for (size_t i = 0; i < sizeof types / sizeof types[0]; i++)
        if (types[i] && *types[i] && term_type_moves(types[i]))
            return types[i];
    return NULL;
}
