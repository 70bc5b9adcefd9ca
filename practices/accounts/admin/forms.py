"""Forms by which the owner invites staff and says what they may do."""

from typing import Any

from django import forms

from practices.accounts.models import Invitation, User
from practices.accounts.permissions import GRANTS, Act, Role
from practices.accounts.services import LastOwnerError, keep_an_owner


def role_in_words(role: Role) -> str:
    """The role and what it may do."""
    return f"{role.value.capitalize()}: {'; '.join(act.value for act in Act if act in GRANTS[role])}"


class RolesField(forms.MultipleChoiceField):
    """One or more roles, each with what it may do."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(
            choices=[(role.value, role_in_words(role)) for role in Role],
            widget=forms.CheckboxSelectMultiple(attrs={"class": "radiolist"}),
            error_messages={"required": "Choose at least one role."},
            **kwargs,
        )

    def clean(self, value: Any) -> list[Role]:
        return [Role(role) for role in super().clean(value)]


class InviteForm(forms.Form):
    """Whom to ask, and what they will be."""

    # Not "email": browsers would fill in the owner's own.
    address = forms.EmailField(
        max_length=254,
        label="Their mail address",
        help_text="A link to make their own account is sent there. It works once, for 7 days.",
        widget=forms.EmailInput(attrs={"autocomplete": "off"}),
        error_messages={"required": "Write a mail address."},
    )
    roles = RolesField(label="What they will be", initial=[Role.CLINICIAN])

    def clean_address(self) -> str:
        address: str = self.cleaned_data["address"]
        account = User.objects.by_email(address).first()
        if account is not None and account.is_active:
            raise forms.ValidationError("Somebody here already has this mail address.")
        if account is not None:
            raise forms.ValidationError("Somebody had this mail address here. Open their account again instead.")
        if Invitation.objects.pending().to_address(address).exists():
            raise forms.ValidationError("This address was invited already. You can send that invitation again.")
        return address


class StaffForm(forms.ModelForm):  # type: ignore[type-arg]
    """Name, credentials and roles; never a password."""

    roles = RolesField()

    class Meta:
        model = User
        fields = ["display_name", "credentials"]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.initial.setdefault("roles", self.instance.roles)

    def clean_roles(self) -> list[Role]:
        """The owners are locked until the change is written, so the last one can't slip away."""
        roles: list[Role] = self.cleaned_data["roles"]
        if Role.OWNER not in roles:
            try:
                keep_an_owner(without=self.instance)
            except LastOwnerError as error:
                raise forms.ValidationError(str(error)) from None
        return roles
