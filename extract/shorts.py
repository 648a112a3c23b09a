"""Short names of rows and columns of the forms (forms.json, `short`): names of columns that Stata takes, 32 characters at most."""

from __future__ import annotations

MOST = 32  # characters of a name in Stata

ROWS = {
    "regulations": "regs",
    "normative_documents": "norm",
    "licensing": "licence",
    "other_admin_services": "othsvc",
    "penalty": "penalty",
    "coercion": "coerce",
    "admin_fees": "fee",
    "central_procurement": "procure",
    "new_received": "new",
    "carried_in": "cin",
    "granted": "grant",
    "partial": "part",
    "denied_state_secret": "dny_secret",
    "denied_law_prohibits": "dny_law",
    "denied_three_security_one_stability": "dny_3s1s",
    "denied_third_party": "dny_third",
    "denied_internal_affairs": "dny_intern",
    "denied_process_info": "dny_proc",
    "denied_enforcement_file": "dny_enforc",
    "denied_admin_inquiry": "dny_inquiry",
    "unable_not_held": "una_nothld",
    "unable_needs_creation": "una_create",
    "unable_still_unclear": "una_unclr",
    "unprocessed_petition": "unp_petit",
    "unprocessed_duplicate": "unp_dup",
    "unprocessed_publication": "unp_pubn",
    "unprocessed_excessive": "unp_excess",
    "unprocessed_confirm_reissue": "unp_reissu",
    "other_no_correction": "oth_nocorr",
    "other_fee_unpaid": "oth_unpaid",
    "other_misc": "oth_misc",
    "other_total": "oth_all",
    "processed_total": "proc_tot",
    "carried_out": "cout",
    "review": "rv",
    "litigation_direct": "ld",
    "litigation_after_review": "la",
}
COLUMNS = {  # of table 三; those of the others are short as they are
    "natural_person": "np",
    "commercial_enterprise": "ce",
    "research_institution": "ri",
    "social_welfare_org": "sw",
    "legal_service_org": "ls",
    "other_org": "ot",
    "count": "",  # of form y2014, which has one column
}


def short(path: str) -> str:
    """The short name of a figure's path: `t3.new_received.total` → `t3_new_tt`, `t2014.pub_total.count` → `t2014_pub_total`.

    Raises ValueError where it would be longer than MOST.
    """
    table, row, column = path.split(".")
    last = "tt" if (table, column) == ("t3", "total") else COLUMNS.get(column, column)
    name = "_".join(part for part in (table, ROWS.get(row, row), last) if part)
    if len(name) > MOST:
        raise ValueError(f"{path} needs a short name: {name} has {len(name)} characters, {MOST} is the most")
    return name
