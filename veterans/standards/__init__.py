"""The support standards (优待标准): what is granted to whom, as data with its clauses.

The models live in `veterans.models.standards`. Here is what is done with them:

* `vocabulary`: the closed list of what an applicant is ever asked;
* `conditions`: what a rule says about one answer;
* `content`: a whole standard as plain values, from rows or from the sealed snapshot;
* `eligibility` and `entitlement`: who may apply, and how much it is, with a readable trace;
* `services`: choosing the version of a day, proposing, publishing, copying.
"""
