"""Every address of a clinic × everybody who may ask for it → what they get. A new address needs a new line.

`ok` 200 · `in` to sign-in · `go` to another page · `no` 403 · `404` not yours, or not there

Rows about one object are about Cleo's: she is the first client, in the care of the first clinician, whom the supervisor
supervises. The owner of another clinic, who brings that clinic's session cookie, is not in the table: they must get what a
visitor gets.
"""

from collections.abc import Iterator

ACTORS = (
    "visitor",
    "client",
    "other client",
    "front desk",
    "editor",
    "clinician",
    "other clin.",
    "supervisor",
    "owner",
)
MATRIX = """
#    address                               nobody client other  front  editor clin.  other  super. owner
GET  home                                  ok     ok     ok     ok     ok     ok     ok     ok     ok
GET  articles                              ok     ok     ok     ok     ok     ok     ok     ok     ok
GET  article                               ok     ok     ok     ok     ok     ok     ok     ok     ok
GET  comment                               ok     ok     ok     ok     ok     ok     ok     ok     ok
POST comment                               422    422    422    422    422    422    422    422    422
GET  erase_comment                         ok     ok     ok     ok     ok     ok     ok     ok     ok
POST erase_comment                         422    422    422    422    422    422    422    422    422
GET  picture                               404    404    404    go     go     go     go     go     go
GET  picture_file                          404    404    404    ok     ok     ok     ok     ok     ok
GET  former_picture                        404    404    404    go     go     go     go     go     go
GET  topic                                 ok     ok     ok     ok     ok     ok     ok     ok     ok
GET  topic_atom                            ok     ok     ok     ok     ok     ok     ok     ok     ok
GET  series                                ok     ok     ok     ok     ok     ok     ok     ok     ok
GET  author                                ok     ok     ok     ok     ok     ok     ok     ok     ok
GET  archive                               ok     ok     ok     ok     ok     ok     ok     ok     ok
GET  archive_year                          ok     ok     ok     ok     ok     ok     ok     ok     ok
GET  archive_month                         ok     ok     ok     ok     ok     ok     ok     ok     ok
GET  team                                  ok     ok     ok     ok     ok     ok     ok     ok     ok
GET  contact                               ok     ok     ok     ok     ok     ok     ok     ok     ok
GET  search                                ok     ok     ok     ok     ok     ok     ok     ok     ok
GET  atom                                  ok     ok     ok     ok     ok     ok     ok     ok     ok
GET  rss                                   ok     ok     ok     ok     ok     ok     ok     ok     ok
GET  sitemap                               ok     ok     ok     ok     ok     ok     ok     ok     ok
GET  robots                                ok     ok     ok     ok     ok     ok     ok     ok     ok
GET  portal:today                          in     ok     ok     no     no     no     no     no     no
GET  portal:work                           in     ok     404    no     no     no     no     no     no
POST portal:work                           in     go     404    no     no     no     no     no     no
GET  portal:draft                          in     ok     ok     no     no     no     no     no     no
POST portal:draft                          in     415    404    no     no     no     no     no     no
GET  portal:send                           in     go     404    no     no     no     no     no     no
POST portal:send                           in     go     404    no     no     no     no     no     no
GET  portal:not_now                        405    405    405    405    405    405    405    405    405
POST portal:not_now                        in     go     404    no     no     no     no     no     no
GET  portal:slip                           ok     go     go     go     go     go     go     go     go
POST portal:slip                           422    go     go     go     go     go     go     go     go
GET  portal:slip_address                   go     go     go     go     go     go     go     go     go
GET  portal:slip_confirm                   go     go     go     go     go     go     go     go     go
GET  portal:welcome                        in     ok     ok     no     no     no     no     no     no
POST portal:welcome                        in     422    422    no     no     no     no     no     no
GET  portal:settings                       in     ok     ok     no     no     no     no     no     no
POST portal:settings                       in     422    422    no     no     no     no     no     no
GET  portal:withdraw_consent               405    405    405    405    405    405    405    405    405
POST portal:withdraw_consent               in     go     go     no     no     no     no     no     no
GET  portal:seen                           in     ok     ok     no     no     no     no     no     no
GET  portal:mine                           in     ok     ok     no     no     no     no     no     no
GET  portal:response                       in     ok     404    no     no     no     no     no     no
GET  admin:queue                           in     in     in     no     no     ok     ok     no     no
GET  admin:supervision                     in     in     in     no     no     no     no     ok     no
GET  admin:response                        in     in     in     no     no     ok     404    ok     no
GET  admin:review                          in     in     in     405    405    405    405    405    405
POST admin:review                          in     in     in     no     no     422    404    no     no
GET  admin:acknowledge                     in     in     in     405    405    405    405    405    405
POST admin:acknowledge                     in     in     in     no     no     go     404    no     no
GET  admin:assign                          in     in     in     no     no     ok     ok     no     no
GET  admin:assignment                      in     in     in     no     no     ok     404    no     no
GET  admin:move_due                        in     in     in     405    405    405    405    405    405
POST admin:move_due                        in     in     in     no     no     422    404    no     no
GET  admin:write_note                      in     in     in     405    405    405    405    405    405
POST admin:write_note                      in     in     in     no     no     go     404    no     no
GET  admin:withdraw                        in     in     in     405    405    405    405    405    405
POST admin:withdraw                        in     in     in     no     no     go     404    no     no
GET  admin:client                          in     in     in     ok     no     ok     404    ok     ok
GET  admin:give_care                       in     in     in     405    405    405    405    405    405
POST admin:give_care                       in     in     in     422    no     no     no     no     422
GET  admin:pause                           in     in     in     no     no     ok     404    no     no
POST admin:pause                           in     in     in     no     no     422    404    no     no
GET  admin:resume                          in     in     in     405    405    405    405    405    405
POST admin:resume                          in     in     in     no     no     go     404    no     no
GET  admin:invite                          in     in     in     405    405    405    405    405    405
POST admin:invite                          in     in     in     go     no     go     404    no     go
GET  admin:hand_over                       in     in     in     ok     no     no     no     no     ok
POST admin:hand_over                       in     in     in     422    no     no     no     no     422
GET  admin:end_care                        in     in     in     405    405    405    405    405    405
POST admin:end_care                        in     in     in     go     no     no     no     no     go
GET  admin:break_glass                     in     in     in     no     no     ok     ok     no     no
GET  admin:break_glass_for                 in     in     in     no     no     in     in     no     no
POST admin:break_glass_for                 in     in     in     no     no     in     in     no     no
GET  admin:end_glass                       in     in     in     405    405    405    405    405    405
POST admin:end_glass                       in     in     in     no     no     404    go     no     no
GET  admin:glass_openings                  in     in     in     no     no     ok     ok     no     ok
GET  admin:comments                        in     in     in     no     ok     ok     ok     no     ok
GET  admin:comments_decide                 in     in     in     405    405    405    405    405    405
POST admin:comments_decide                 in     in     in     no     go     go     go     no     go
GET  admin:comments_undo                   in     in     in     405    405    405    405    405    405
POST admin:comments_undo                   in     in     in     no     go     go     go     no     go
GET  admin:comment_erase                   in     in     in     no     ok     ok     ok     no     ok
POST admin:comment_erase                   in     in     in     no     go     go     go     no     go
GET  admin:article_settings                in     in     in     no     no     no     no     no     ok
POST admin:article_settings                in     in     in     no     no     no     no     no     422
GET  admin:import                          in     in     in     no     ok     no     no     no     ok
POST admin:import                          in     in     in     no     422    no     no     no     422
GET  admin:import_run                      in     in     in     no     ok     no     no     no     ok
GET  admin:import_confirm                  in     in     in     405    405    405    405    405    405
POST admin:import_confirm                  in     in     in     no     go     no     no     no     go
GET  admin:import_stop                     in     in     in     405    405    405    405    405    405
POST admin:import_stop                     in     in     in     no     go     no     no     no     go
GET  admin:export                          in     in     in     no     ok     no     no     no     ok
GET  admin:export_file                     in     in     in     no     in     no     no     no     in
GET  admin:comment_settings                in     in     in     no     no     no     no     no     ok
POST admin:comment_settings                in     in     in     no     no     no     no     no     422
GET  admin:make_slip                       in     in     in     405    405    405    405    405    405
POST admin:make_slip                       in     in     in     ok     no     ok     404    no     ok
GET  admin:revoke_slip                     in     in     in     405    405    405    405    405    405
POST admin:revoke_slip                     in     in     in     go     no     go     404    no     go
GET  admin:overview                        in     in     in     no     no     no     no     no     ok
GET  admin:audit_log                       in     in     in     no     no     no     no     no     ok
GET  admin:audit_export                    in     in     in     no     no     no     no     no     in
GET  admin:client_openings                 in     in     in     no     no     ok     404    no     ok
GET  admin:newest_weekly_look              in     in     in     no     no     no     no     no     go
GET  admin:weekly_look                     in     in     in     no     no     no     no     no     ok
GET  admin:index                           in     in     in     go     go     go     go     go     go
GET  admin:login                           in     no     no     go     go     go     go     go     go
GET  admin:logout                          go     go     go     ok     ok     ok     ok     ok     ok
GET  admin:password_change                 in     in     in     go     go     go     go     go     go
GET  admin:password_change_done            in     in     in     go     go     go     go     go     go
GET  admin:autocomplete                    in     in     in     no     no     no     no     no     no
GET  admin:jsi18n                          in     in     in     ok     ok     ok     ok     ok     ok
GET  admin:clients_client_changelist       in     in     in     ok     no     ok     ok     ok     ok
GET  admin:clients_client_add              in     in     in     ok     no     ok     ok     no     ok
POST admin:assign                          in     in     in     no     no     ok     ok     no     no
POST admin:clients_client_changelist       in     in     in     ok     no     ok     ok     ok     ok
POST admin:clients_client_add              in     in     in     ok     no     ok     ok     no     ok
POST admin:clients_client_change           in     in     in     ok     no     ok     404    no     ok
GET  admin:clients_client_history          in     in     in     ok     no     ok     404    ok     ok
GET  admin:clients_client_delete           in     in     in     no     no     no     404    no     no
GET  admin:clients_client_change           in     in     in     ok     no     ok     404    ok     ok
GET  admin:accounts_user_changelist        in     in     in     no     no     no     no     no     ok
GET  admin:accounts_user_add               in     in     in     no     no     no     no     no     no
GET  admin:invite_staff                    in     in     in     no     no     no     no     no     ok
POST admin:invite_staff                    in     in     in     no     no     no     no     no     422
GET  admin:resend_invitation               in     in     in     405    405    405    405    405    405
POST admin:resend_invitation               in     in     in     no     no     no     no     no     go
GET  admin:revoke_invitation               in     in     in     405    405    405    405    405    405
POST admin:revoke_invitation               in     in     in     no     no     no     no     no     go
GET  admin:who_may_see_what                in     in     in     ok     ok     ok     ok     ok     ok
GET  admin:accounts_user_history           in     in     in     no     no     no     no     no     ok
GET  admin:accounts_user_delete            in     in     in     no     no     no     no     no     no
GET  admin:accounts_user_change            in     in     in     no     no     no     no     no     ok
POST admin:accounts_user_change            in     in     in     no     no     no     no     no     ok
POST admin:accounts_user_sessions          in     in     in     no     no     no     no     no     go
GET  admin:accounts_user_sessions          in     in     in     no     no     no     no     no     ok
GET  admin:accounts_user_supervises        in     in     in     no     no     no     no     no     ok
POST admin:accounts_user_supervises        in     in     in     no     no     no     no     no     422
GET  admin:accounts_user_supervised        in     in     in     no     no     no     no     no     ok
POST admin:accounts_user_supervised        in     in     in     no     no     no     no     no     422
GET  admin:end_supervision                 in     in     in     405    405    405    405    405    405
POST admin:end_supervision                 in     in     in     no     no     no     no     no     go
GET  admin:staff_leaving                   in     in     in     no     no     no     no     no     ok
POST admin:staff_leaving                   in     in     in     no     no     no     no     no     422
GET  admin:staff_staying                   in     in     in     no     no     no     no     no     404
POST admin:staff_staying                   in     in     in     no     no     no     no     no     404
POST admin:accounts_user_reset_factor      in     in     in     no     no     no     no     no     in
GET  admin:accounts_user_reset_factor      in     in     in     no     no     no     no     no     in
GET  admin:accounts_user_reopen            in     in     in     no     no     no     no     no     ok
POST admin:accounts_user_reopen            in     in     in     no     no     no     no     no     go
GET  admin:content_article_changelist      in     in     in     no     ok     ok     ok     no     ok
GET  admin:content_article_add             in     in     in     no     ok     ok     ok     no     ok
GET  admin:content_article_history         in     in     in     no     ok     ok     ok     no     ok
GET  admin:content_article_delete          in     in     in     no     no     no     no     no     no
GET  admin:content_article_change          in     in     in     no     ok     ok     ok     no     ok
GET  admin:content_topic_changelist        in     in     in     no     ok     ok     ok     no     ok
GET  admin:content_topic_add               in     in     in     no     ok     ok     ok     no     ok
GET  admin:content_topic_history           in     in     in     no     ok     ok     ok     no     ok
GET  admin:content_topic_delete            in     in     in     no     no     no     no     no     no
GET  admin:content_topic_change            in     in     in     no     ok     ok     ok     no     ok
GET  admin:content_series_changelist       in     in     in     no     ok     ok     ok     no     ok
GET  admin:content_series_add              in     in     in     no     ok     ok     ok     no     ok
GET  admin:content_series_history          in     in     in     no     ok     ok     ok     no     ok
GET  admin:content_series_delete           in     in     in     no     no     no     no     no     no
GET  admin:content_series_change           in     in     in     no     ok     ok     ok     no     ok
GET  admin:content_author_changelist       in     in     in     no     ok     ok     ok     no     ok
GET  admin:content_author_add              in     in     in     no     ok     ok     ok     no     ok
GET  admin:content_author_history          in     in     in     no     ok     ok     ok     no     ok
GET  admin:content_author_delete           in     in     in     no     no     no     no     no     no
GET  admin:content_author_change           in     in     in     no     ok     ok     ok     no     ok
GET  admin:content_exercise_changelist     in     in     in     no     ok     ok     ok     no     ok
GET  admin:content_exercise_history        in     in     in     no     ok     ok     ok     no     ok
GET  admin:content_exercise_delete         in     in     in     no     no     no     no     no     no
GET  admin:content_exercise_change         in     in     in     no     ok     ok     ok     no     ok
GET  admin:content_exercise_add            in     in     in     no     ok     ok     ok     no     ok
GET  admin:content_exercise_build          in     in     in     no     ok     ok     ok     no     ok
GET  admin:content_exercise_about          in     in     in     no     ok     ok     ok     no     ok
GET  admin:content_exercise_prompt_add     in     in     in     no     ok     ok     ok     no     ok
GET  admin:content_exercise_prompt         in     in     in     no     ok     ok     ok     no     ok
GET  admin:content_exercise_try            in     in     in     no     ok     ok     ok     no     ok
GET  admin:content_exercise_publish        in     in     in     no     ok     ok     ok     no     ok
GET  admin:content_exercise_retire         in     in     in     no     ok     ok     ok     no     ok
GET  admin:content_exercise_library        in     in     in     no     ok     ok     ok     no     ok
GET  admin:content_exercise_library_entry  in     in     in     no     ok     ok     ok     no     ok
GET  admin:content_exercise_file           in     in     in     no     ok     ok     ok     no     ok
GET  admin:content_exercise_import         in     in     in     no     ok     ok     ok     no     ok
GET  admin:content_exercise_act            in     in     in     405    405    405    405    405    405
GET  admin:content_exercise_discard        in     in     in     405    405    405    405    405    405
GET  admin:content_exercise_copy           in     in     in     405    405    405    405    405    405
GET  admin:content_exercise_library_copy   in     in     in     405    405    405    405    405    405
GET  admin:content_exercise_measure_use    in     in     in     405    405    405    405    405    405
POST admin:content_exercise_act            in     in     in     no     409    409    409    no     409
POST admin:content_exercise_discard        in     in     in     no     409    409    409    no     409
POST admin:content_exercise_publish        in     in     in     no     409    409    409    no     409
POST admin:content_exercise_copy           in     in     in     no     go     go     go     no     go
POST admin:content_exercise_retire         in     in     in     no     go     go     go     no     go
POST admin:content_exercise_library_copy   in     in     in     no     go     go     go     no     go
POST admin:content_exercise_try            in     in     in     no     422    422    422    no     422
POST admin:content_exercise_prompt         in     in     in     no     422    422    422    no     422
POST admin:content_exercise_about          in     in     in     no     422    422    422    no     422
POST admin:content_exercise_import         in     in     in     no     422    422    422    no     422
POST admin:content_exercise_measure_use    in     in     in     no     404    404    404    no     404
GET  admin:content_picture_changelist      in     in     in     no     ok     ok     ok     no     ok
GET  admin:content_picture_add             in     in     in     no     ok     ok     ok     no     ok
GET  admin:content_picture_history         in     in     in     no     ok     ok     ok     no     ok
GET  admin:content_picture_delete          in     in     in     no     no     no     no     no     no
GET  admin:content_picture_change          in     in     in     no     ok     ok     ok     no     ok
GET  admin:content_picture_choose          in     in     in     no     ok     ok     ok     no     ok
POST admin:content_picture_choose          in     in     in     no     422    422    422    no     422
GET  admin:content_picture_replace         in     in     in     no     ok     ok     ok     no     ok
POST admin:content_picture_replace         in     in     in     no     422    422    422    no     422
GET  admin:content_picture_remove          in     in     in     no     ok     ok     ok     no     ok
POST admin:content_picture_remove          in     in     in     no     go     go     go     no     go
GET  admin:content_article_withdraw        in     in     in     no     ok     ok     ok     no     ok
POST admin:content_article_withdraw        in     in     in     no     go     go     go     no     go
GET  admin:content_article_schedule        in     in     in     no     ok     ok     ok     no     ok
POST admin:content_article_schedule        in     in     in     no     422    422    422    no     422
GET  admin:content_article_begin           in     in     in     405    405    405    405    405    405
POST admin:content_article_begin           in     in     in     no     415    415    415    no     415
GET  admin:content_article_autosave        in     in     in     405    405    405    405    405    405
POST admin:content_article_autosave        in     in     in     no     415    415    415    no     415
GET  admin:content_article_preview         in     in     in     no     ok     ok     ok     no     ok
GET  admin:content_article_frame           in     in     in     no     ok     ok     ok     no     ok
GET  admin:article_in_portal               in     in     in     no     ok     ok     ok     no     ok
GET  admin:content_article_revisions       in     in     in     no     ok     ok     ok     no     ok
GET  admin:content_article_revision        in     in     in     no     ok     ok     ok     no     ok
GET  admin:content_article_restore         in     in     in     no     ok     ok     ok     no     ok
POST admin:content_article_restore         in     in     in     no     go     go     go     no     go
GET  admin:content_article_send_back       in     in     in     no     404    404    404    no     404
POST admin:content_article_send_back       in     in     in     no     404    404    404    no     404
GET  admin:app_list                        in     in     in     go     go     go     go     go     go
GET  account                               in     go     go     ok     ok     ok     ok     ok     ok
GET  account_login                         ok     go     go     go     go     go     go     go     go
GET  account_request_login_code            ok     go     go     go     go     go     go     go     go
GET  account_confirm_login_code            in     go     go     go     go     go     go     go     go
GET  account_set_up                        in     go     go     go     go     go     go     go     go
GET  mfa_authenticate                      in     go     go     go     go     go     go     go     go
POST mfa_login_webauthn                    in     go     go     go     go     go     go     go     go
GET  mfa_login_webauthn                    in     go     go     go     go     go     go     go     go
GET  account_logout                        go     ok     ok     ok     ok     ok     ok     ok     ok
POST account_logout                        go     go     go     go     go     go     go     go     go
GET  account_inactive                      ok     ok     ok     ok     ok     ok     ok     ok     ok
GET  account_signup                        ok     go     go     go     go     go     go     go     go
GET  invitation                            404    404    404    404    404    404    404    404    404
POST invitation                            404    404    404    404    404    404    404    404    404
GET  staff_photo                           404    ok     ok     ok     ok     ok     ok     ok     ok
GET  account_reauthenticate                in     go     go     no     no     no     no     no     no
GET  account_session_clock                 401    ok     ok     ok     ok     ok     ok     ok     ok
GET  account_mail_code_again               405    405    405    405    405    405    405    405    405
POST account_mail_code_again               no     no     no     no     no     no     no     no     no
GET  account_sign_in_again                 405    405    405    405    405    405    405    405    405
POST account_sign_in_again                 no     no     no     no     no     no     no     no     no
POST account_end_session                   in     go     go     go     go     go     go     go     go
GET  account_end_session                   405    405    405    405    405    405    405    405    405
GET  account_sessions                      in     ok     ok     ok     ok     ok     ok     ok     ok
GET  mfa_edit_webauthn                     in     go     go     in     in     in     in     in     in
GET  mfa_remove_webauthn                   in     go     go     in     in     in     in     in     in
GET  mfa_add_webauthn                      in     go     go     in     in     in     in     in     in
GET  mfa_list_webauthn                     go     go     go     go     go     go     go     go     go
GET  mfa_generate_recovery_codes           in     go     go     in     in     in     in     in     in
GET  mfa_view_recovery_codes               in     no     no     404    404    404    404    404    404
GET  mfa_deactivate_totp                   in     go     go     in     in     in     in     in     in
GET  mfa_activate_totp                     in     go     go     in     in     in     in     in     in
GET  mfa_index                             in     ok     ok     ok     ok     ok     ok     ok     ok
GET  account_confirm_by_code               in     ok     ok     no     no     no     no     no     no
GET  mfa_reauthenticate_webauthn           in     go     go     no     no     no     no     no     no
GET  mfa_reauthenticate                    in     go     go     no     no     no     no     no     no
GET  account_set_password                  in     go     go     in     in     in     in     in     in
GET  account_remove_password               in     go     go     in     in     in     in     in     in
POST account_remove_password               in     go     go     in     in     in     in     in     in
GET  account_change_password               in     go     go     in     in     in     in     in     in
GET  account_reset_password                ok     ok     ok     ok     ok     ok     ok     ok     ok
GET  account_reset_password_done           ok     ok     ok     ok     ok     ok     ok     ok     ok
GET  account_reset_password_from_key       ok     ok     ok     ok     ok     ok     ok     ok     ok
GET  account_reset_password_from_key_done  ok     ok     ok     ok     ok     ok     ok     ok     ok
GET  start                                 in     go     go     go     go     go     go     go     go
GET  theme                                 ok     ok     ok     ok     ok     ok     ok     ok     ok
GET  inbox                                 ok     ok     ok     ok     ok     ok     ok     ok     ok
"""


def rows() -> Iterator[tuple[str, str, dict[str, str]]]:
    """Method, name of the address, and what each actor gets."""
    for line in MATRIX.strip().splitlines()[1:]:
        method, name, *cells = line.split()
        yield method, name, dict(zip(ACTORS, cells, strict=True))
