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
    PUBLISH_ARTICLES = "publish articles"
    PUBLISH_EXERCISES = "publish exercises"
    MOVE_CONTENT = "bring articles in from another site, and take a copy of all of them"
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


# Whose rows an act reaches, in a sentence that everybody who works here can read.
REACH: dict[Act, str] = {
    Act.USE_PORTAL: "Their own only.",
    Act.WRITE_ARTICLES: "All of the clinic’s.",
    Act.PUBLISH_ARTICLES: "All of the clinic’s. Where an editor looks first, a clinician sends an article for review instead.",
    Act.PUBLISH_EXERCISES: "All of the clinic’s.",
    Act.MOVE_CONTENT: "All of the clinic’s articles with their comments, and nothing of clients.",
    Act.MODERATE_COMMENTS: "All that readers wrote.",
    Act.LIST_CLIENTS: "Owner and front desk: everybody, but never what was written. Others: those whom they may read.",
    Act.ADD_CLIENTS: "A clinician’s new clients are their own. Owner and front desk choose a clinician.",
    Act.GIVE_CARE: "All clients. It opens nothing to whoever decides it.",
    Act.ASSIGN_WORK: "Clients in their care now.",
    Act.READ_RESPONSES: "Clients in their care now, once it was sent. Never a draft, never what a client keeps to themselves.",
    Act.SUPERVISE: "Clients of those whom they supervise now.",
    Act.BREAK_GLASS: "One client at a time, for 60 minutes. The client, the clinician and the owner are told.",
    Act.SEE_OVERVIEW: "Numbers only. Of fewer than five people none are shown.",
    Act.MANAGE_STAFF: "Everybody who works here.",
    Act.MANAGE_CLINIC: "This clinic.",
    Act.READ_AUDIT: "All events of this clinic. They hold no word of what anybody wrote.",
    Act.MANAGE_PLATFORM: "Clinics as such, never what is in them.",
}

GRANTS: dict[Role | Kind, frozenset[Act]] = {
    Role.OWNER: frozenset(
        {
            Act.WRITE_ARTICLES,
            Act.PUBLISH_ARTICLES,
            Act.PUBLISH_EXERCISES,
            Act.MOVE_CONTENT,
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
            Act.PUBLISH_EXERCISES,
            Act.MODERATE_COMMENTS,
            Act.LIST_CLIENTS,
            Act.ADD_CLIENTS,
            Act.ASSIGN_WORK,
            Act.READ_RESPONSES,
            Act.BREAK_GLASS,
        }
    ),
    Role.SUPERVISOR: frozenset({Act.LIST_CLIENTS, Act.SUPERVISE}),
    Role.EDITOR: frozenset(
        {
            Act.WRITE_ARTICLES,
            Act.PUBLISH_ARTICLES,
            Act.PUBLISH_EXERCISES,
            Act.MOVE_CONTENT,
            Act.MODERATE_COMMENTS,
        }
    ),
    Role.FRONT_DESK: frozenset({Act.LIST_CLIENTS, Act.ADD_CLIENTS, Act.GIVE_CARE}),
    Kind.CLIENT: frozenset({Act.USE_PORTAL}),
    Kind.OPERATOR: frozenset({Act.MANAGE_PLATFORM}),
}


# What a role loses in a clinic that wants an editor or the owner to look first.
LOOKED_AT_FIRST: dict[Role | Kind, frozenset[Act]] = {Role.CLINICIAN: frozenset({Act.PUBLISH_ARTICLES})}


def grants_of(holder: Role | Kind, *, editors_look_first: bool) -> frozenset[Act]:
    """What the table gives, in a clinic that is set so."""
    return GRANTS[holder] - (LOOKED_AT_FIRST.get(holder, frozenset()) if editors_look_first else frozenset())


def granted(kind: str, roles: list[str], *, editors_look_first: bool = False) -> frozenset[Act]:
    """Everything that somebody of this kind with these roles may do."""
    holders: list[Role | Kind] = [Role(role) for role in roles] if kind == Kind.STAFF else [Kind(kind)]
    return frozenset().union(*(grants_of(holder, editors_look_first=editors_look_first) for holder in holders))
