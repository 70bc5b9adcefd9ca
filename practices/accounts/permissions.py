"""Who may do what: the one table. Which rows somebody may do it to is decided by `visible_to` and `given_to`."""

from enum import StrEnum


class Kind(StrEnum):
    """What somebody is to the clinic; decided once, when the account is made."""

    STAFF = "staff"
    CLIENT = "client"
    OPERATOR = "operator"


class Role(StrEnum):
    """What a member of staff does here; roles can be combined."""

    OWNER = "owner"
    CLINICIAN = "clinician"
    SUPERVISOR = "supervisor"
    EDITOR = "editor"
    FRONT_DESK = "front desk"


class Act(StrEnum):
    """Things that can be done, in words that the owner reads."""

    USE_PORTAL = "do the work they were given"
    WRITE_ARTICLES = "write articles and exercises"
    PUBLISH_ARTICLES = "publish articles and exercises"
    MODERATE_COMMENTS = "decide which comments appear below articles"
    LIST_CLIENTS = "see who the clients are and whether work is open or done"
    ADD_CLIENTS = "add and invite clients"
    GIVE_CARE = "say which clinician a client is with"
    ASSIGN_WORK = "give work to their own clients"
    READ_RESPONSES = "read what their own clients sent, and reply"
    SUPERVISE = "read what their supervisees' clients sent, and change nothing"
    BREAK_GLASS = "open a colleague's client for an hour, with a reason"
    SEE_OVERVIEW = "see how the clinic as a whole is doing"
    MANAGE_STAFF = "add staff, change roles, close accounts"
    MANAGE_CLINIC = "change the clinic's settings"
    READ_AUDIT = "see who did what, and who opened what"
    MANAGE_PLATFORM = "open and suspend clinics"


GRANTS: dict[Role | Kind, frozenset[Act]] = {
    Role.OWNER: frozenset(
        {
            Act.WRITE_ARTICLES,
            Act.PUBLISH_ARTICLES,
            Act.MODERATE_COMMENTS,
            Act.LIST_CLIENTS,
            Act.ADD_CLIENTS,
            Act.GIVE_CARE,
            Act.SEE_OVERVIEW,
            Act.MANAGE_STAFF,
            Act.MANAGE_CLINIC,
            Act.READ_AUDIT,
        }
    ),
    Role.CLINICIAN: frozenset(
        {
            Act.WRITE_ARTICLES,
            Act.PUBLISH_ARTICLES,
            Act.MODERATE_COMMENTS,
            Act.LIST_CLIENTS,
            Act.ADD_CLIENTS,
            Act.ASSIGN_WORK,
            Act.READ_RESPONSES,
            Act.BREAK_GLASS,
        }
    ),
    Role.SUPERVISOR: frozenset({Act.LIST_CLIENTS, Act.SUPERVISE}),
    Role.EDITOR: frozenset({Act.WRITE_ARTICLES, Act.PUBLISH_ARTICLES, Act.MODERATE_COMMENTS}),
    Role.FRONT_DESK: frozenset({Act.LIST_CLIENTS, Act.ADD_CLIENTS, Act.GIVE_CARE}),
    Kind.CLIENT: frozenset({Act.USE_PORTAL}),
    Kind.OPERATOR: frozenset({Act.MANAGE_PLATFORM}),
}


def granted(kind: str, roles: list[str]) -> frozenset[Act]:
    """Everything that somebody of this kind with these roles may do."""
    holders: list[Role | Kind] = [Role(role) for role in roles] if kind == Kind.STAFF else [Kind(kind)]
    return frozenset().union(*(GRANTS[holder] for holder in holders))
