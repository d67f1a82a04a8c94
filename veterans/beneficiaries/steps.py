"""What the flow of an application asks and does because of the register."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _

from portal.cases.flow import Effect, Guard
from veterans.beneficiaries.benefits import start_benefit
from veterans.beneficiaries.entry import RIGHT_SAYS, check_right
from veterans.beneficiaries.papers import keep_papers, record_reused

#: Whoever wrote or corrected an application for somebody decides nothing in it.
WRITERS = ("submit", "resubmit")
RIGHT = Guard("right", RIGHT_SAYS, check_right)
REUSE = Effect("reuse", _("Writes down which papers on file count."), record_reused)
KEEP = Effect("keep", _("Keeps papers that need not be sent again."), keep_papers)
RUNS = Effect("runs", _("Begins a benefit that is confirmed once a year."), start_benefit)
