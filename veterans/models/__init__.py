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
from veterans.models.pages import PolicyPage, VeteransIndexPage
from veterans.models.payments import (
    AmountChange,
    ApprovalLimit,
    Budget,
    GrantYear,
    PaymentList,
    PaymentListRow,
    Recovery,
    RecoveryReceipt,
    Reservation,
)
from veterans.models.publicity import (
    AnswerPage,
    BriefingPage,
    Greeting,
    GreetingList,
    SignUp,
)
from veterans.models.representations import (
    AccountProposal,
    ApplicationEntry,
    Invitation,
    Representation,
)
from veterans.models.standard_pages import SupportStandardPage
from veterans.models.standards import (
    EligibilityRule,
    EntitlementRow,
    ItemVersion,
    MaterialRequirement,
    Step,
    SupportItem,
    TimeLimit,
)

__all__ = [
    "AccountProposal",
    "AmountChange",
    "AnswerPage",
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
    "ConsultationPage",
    "ConsultationResultPage",
    "EligibilityRule",
    "EntitlementRow",
    "FamilyTie",
    "GrantYear",
    "Invitation",
    "Greeting",
    "GreetingList",
    "ItemVersion",
    "MaterialRequirement",
    "PaperOnFile",
    "Payment",
    "PaymentList",
    "PaymentListRow",
    "PolicyPage",
    "Recovery",
    "RecoveryReceipt",
    "Representation",
    "Reservation",
    "ReusedPaper",
    "RunningBenefit",
    "SignUp",
    "Step",
    "SupportItem",
    "SupportStandardPage",
    "TimeLimit",
    "VeteransIndexPage",
]
