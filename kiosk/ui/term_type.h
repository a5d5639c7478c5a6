/* Which terminal this is. Apart from term.c, since terminfo's header takes many names for itself. */
#ifndef KIOSK_UI_TERM_TYPE_H
#define KIOSK_UI_TERM_TYPE_H

/* The first type that can move the cursor: TERM of the environment, else "linux", else "vt100", which nearly everything
 * understands. NULL: the system knows none of them. Borrowed. */
const char *term_type_find(void);

#endif
