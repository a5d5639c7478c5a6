/* What the leak check of the sanitizers passes over, in every test and in the kiosk-print that is tested: what these libraries keep for
 * the whole process. To take it from them before the end is unsafe: pango's own thread may still hold a font, and cairo then aborts. */
#include <sanitizer/lsan_interface.h>

const char *__lsan_default_options(void)
{
    return "print_suppressions=0";
}

const char *__lsan_default_suppressions(void)
{
    return "leak:libfontconfig\nleak:libpango\nleak:libcairo\n";
}
