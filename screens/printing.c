/* Paper to take along. */
#include "screens/printing.h"

#include "kiosk/base/config.h"
#include "kiosk/base/i18n.h"
#include "kiosk/store/slip.h"
#include "kiosk/ui/shell.h"
#include "kiosk/ui/ui.h"

bool printing_has_printer(const struct ui *ui)
{
    struct ledger_status status;
    struct error e;
    if (ui->config && config_str(ui->config, "printer", "url")[0])
        return true;
    return ui->ledger && ledger_status(ui->ledger, &status, &e) == ERR_NONE && status.printer[0];
}

/* What is said of a job; NULL: nothing yet. */
static const char *printing_words(const struct ui *ui, const struct printing *p, const struct job *j)
{
    if (j->state == JOB_PRINTED)
        return N_("It is printed. Please take it.");
    if (j->state == JOB_UNSURE)
        return N_("We cannot tell whether it was printed. If it was not, print it again.");
    if (j->state == JOB_CANCELLED)
        return N_("It could not be printed. Please ask the staff.");
    if (j->state == JOB_PRINTING)
        return N_("Printing…");
    if (j->fault == JOB_PAPER)
        return N_("The printer is out of paper. It prints as soon as there is new paper: please tell the staff.");
    if (j->fault == JOB_COVER)
        return N_("The printer is open. It prints as soon as it is closed: please tell the staff.");
    if (j->fault != JOB_FINE || ui->mono - p->since > PRINTING_PATIENCE_MS)
        return N_("The printer does not answer. Please ask the staff.");
    return N_("It will be printed at once…");
}

static bool printing_is_good(const struct job *j) { return j->fault == JOB_FINE && j->state <= JOB_PRINTED; }

void printing_look(struct ui *ui, struct printing *p)
{
    struct job job;
    if (p->job == 0 || !ui->ledger || ledger_job_get(ui->ledger, p->job, &job, NULL))
        return;
    const char *words = printing_words(ui, p, &job);
    if (job.state > JOB_PRINTING)
        p->job = 0;
    if (words == p->told)
        return;
    p->told = words;
    shell_flash(ui, printing_is_good(&job) ? STYLE_GOOD : STYLE_WARN, _(words));
    shell_redraw(ui);
}

void printing_start(struct ui *ui, struct printing *p, const struct slip *slip)
{
    enum err code = ERR_STATE;
    struct error e;
    if (!printing_has_printer(ui)) {
        shell_flash(ui, STYLE_WARN, _("There is no printer here. You can take a photo of the screen."));
        return;
    }
    if (ui->ledger)
        code = ledger_slip_add(ui->ledger, slip, ui->lang, &p->job, &e);
    if (code) {
        p->job = 0;
        shell_flash(ui, STYLE_WARN, code == ERR_BUSY ? _("That is enough paper. Please ask the staff.")
                                                     : _("Printing does not work just now. Please ask the staff."));
        return;
    }
    p->since = ui->mono;
    p->told = NULL;
    printing_look(ui, p);
}
