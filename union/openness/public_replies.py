"""Public replies: what an opinion said and what was answered, without a way back to it.

The page knows neither the opinion nor its day; the opinion knows only that it was made public. The
sender agreed before, the office takes out what tells who spoke, another person reviews the page.
Source: section 2.3 of the case facts.
"""

from __future__ import annotations

import json
import re
import uuid
from typing import Any

from django.db import transaction
from django.utils.html import escape
from django.utils.text import slugify
from django.utils.translation import gettext as _

from portal.people.models import User
from portal.publishing.services import submit_for_review
from portal.refusals import ChangedMeanwhile, NotPossible
from union.models import Opinion, PublicReplyPage, UnionIndexPage
from union.opinions.permissions import may_make_public

# Numbers that lead to somebody: phones, identity and bank numbers, employee numbers.
_TELLING = re.compile(r"\d{6,}|\d{3,4}[- ]\d{4}[- ]?\d{3,4}")


def telling_parts(opinion: Opinion, text: str) -> list[str]:
    """Return the parts of a text that lead back to the opinion or its sender."""
    found = _TELLING.findall(text)
    case, person = opinion.case, opinion.case.applicant
    names = [person.name, person.employee_number or ""] if person is not None else []
    return list(
        dict.fromkeys([*found, *(name for name in [*names, case.number] if name and name in text)])
    )


def paragraphs(text: str) -> str:
    """Return plain text as paragraphs of a page."""
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    return "".join(f"<p>{escape(line)}</p>" for line in lines)


def _body(question: str, answer: str) -> list[dict[str, Any]]:
    return [
        {"type": "text", "value": f"<h2>职工反映</h2>{paragraphs(question)}"},
        {"type": "text", "value": f"<h2>办理答复</h2>{paragraphs(answer)}"},
    ]


@transaction.atomic
def write_public_reply(opinion_id: Any, user: User, values: dict[str, Any]) -> PublicReplyPage:
    """Write the page of a public reply and hand it to review, once for each opinion.

    Args:
        values: title, question, answer, improvement.

    Raises:
        ChangedMeanwhile: it was written before.
        NotPossible: the sender did not agree, it is not finished, or something leads back.
    """
    opinion = (
        Opinion.objects.select_for_update(of=("self",))
        .select_related("case__applicant", "category")
        .get(pk=opinion_id)
    )
    if opinion.is_made_public:
        raise ChangedMeanwhile(_("The public reply of this opinion was written already."))
    if not may_make_public(user, opinion):
        raise NotPossible(_("A reply is published when the sender agreed and the case is closed."))
    whole = "\n".join(values[name] for name in ("title", "question", "answer", "improvement"))
    if parts := telling_parts(opinion, whole):
        raise NotPossible(
            _("Please take out what leads to somebody: %(parts)s") % {"parts": "、".join(parts)}
        )
    page = PublicReplyPage(
        title=values["title"],
        # Neither the number nor the words of the opinion, and no running number either.
        slug=slugify(f"reply-{uuid.uuid4().hex[:12]}"),
        summary=values["improvement"],
        category=opinion.category,
        improvement=values["improvement"],
        body=json.dumps(_body(values["question"], values["answer"]), ensure_ascii=False),
        owner=user,
        live=False,
    )
    UnionIndexPage.objects.get().add_child(instance=page)
    page.save_revision(user=user, log_action=True)
    # Only this: a day or a key would lead from one to the other.
    Opinion.objects.filter(pk=opinion.pk).update(is_made_public=True)
    submit_for_review(page, user)
    return page
