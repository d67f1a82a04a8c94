"""Pages of veterans' support, and the standards they speak of."""

from __future__ import annotations

from veterans.models.applications import Application, Payment
from veterans.models.beneficiaries import (
    Beneficiary,
    BeneficiaryCategory,
    BeneficiaryImport,
    Certificate,
    FamilyTie,
    PaperOnFile,
)
from veterans.models.benefits import BenefitConfirmation, ReusedPaper, RunningBenefit
from veterans.models.consultations import Comment, ConsultationPage, ConsultationResultPage
from veterans.models.figures import Figure, FigureRun, RefusalFigure
from veterans.models.handling import (
    Appeal,
    Complaint,
    FollowUp,
    HandlingLimit,
    SiteVisit,
)
from veterans.models.limits import LimitChange
from veterans.models.pages import PolicyPage, VeteransIndexPage
from veterans.models.payments import (
    AmountChange,
    ApprovalLimit,
    Budget,
    GrantYear,
    PaymentList,
    PaymentListRow,
    Reservation,
)
from veterans.models.publicity import (
    AnswerPage,
    BriefingPage,
    Greeting,
    GreetingList,
    SignUp,
)
from veterans.models.recoveries import Recovery, RecoveryReceipt
from veterans.models.representations import (
    AccountProposal,
    ApplicationEntry,
    Invitation,
    Representation,
)
from veterans.models.standard_pages import SupportStandardPage
from veterans.models.standard_rows import (
    EligibilityRule,
    EntitlementRow,
    MaterialRequirement,
    Step,
    TimeLimit,
)
from veterans.models.standards import ItemVersion, SupportItem

__all__ = [
    "AccountProposal",
    "AmountChange",
    "AnswerPage",
    "Appeal",
    "Application",
    "ApplicationEntry",
    "ApprovalLimit",
    "Beneficiary",
    "BeneficiaryCategory",
    "BeneficiaryImport",
    "BenefitConfirmation",
    "BriefingPage",
    "Budget",
    "Certificate",
    "Comment",
    "Complaint",
    "ConsultationPage",
    "ConsultationResultPage",
    "EligibilityRule",
    "EntitlementRow",
    "FamilyTie",
    "Figure",
    "FigureRun",
    "FollowUp",
    "GrantYear",
    "Greeting",
    "GreetingList",
    "HandlingLimit",
    "Invitation",
    "ItemVersion",
    "LimitChange",
    "MaterialRequirement",
    "PaperOnFile",
    "Payment",
    "PaymentList",
    "PaymentListRow",
    "PolicyPage",
    "Recovery",
    "RecoveryReceipt",
    "RefusalFigure",
    "Representation",
    "Reservation",
    "ReusedPaper",
    "RunningBenefit",
    "SignUp",
    "SiteVisit",
    "Step",
    "SupportItem",
    "SupportStandardPage",
    "TimeLimit",
    "VeteransIndexPage",
]
