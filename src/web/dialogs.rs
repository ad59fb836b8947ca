//! What lies over a page when a module opens it: the palette, and the lock. Without JavaScript they stay closed.

use maud::{Markup, html};

use super::language::{rich, t};
use super::parts::icon;
use super::session::Person;
use crate::lab::accounts::IDLE_MIN;

/// The box over the page. Sent as it is, it is the search of `/search`.
pub(crate) fn palette(person: &Person) -> Markup {
    html! {
        dialog #palette .palette aria-label=(t!("palette-title")) {
            form .find role="search" action="/search" method="post" {
                input type="hidden" name="csrf" value=(person.signed_in.csrf);
                (icon("find"))
                input #palette-q type="search" name="q" aria-label=(t!("find-what")) placeholder=(t!("find-what")) autocomplete="off"
                    spellcheck="false" maxlength="100" aria-controls="palette-list";
                button .btn .btn--sm type="button" data-close { (t!("palette-close")) }
            }
            div #palette-list .palette__list {}
            p .hint { (t!("palette-hint")) }
        }
    }
}

/// The cover of a page that nobody has used for a while. Whoever gives the password of the same account gets the page
/// back as it was.
pub(crate) fn lock(person: &Person) -> Markup {
    html! {
        dialog #lock .lock aria-labelledby="lock-title" data-minutes=(IDLE_MIN) data-user=(person.actor().id.0) data-lost=(t!("lock-lost")) {
            form .plain action="/unlock" method="post" novalidate {
                h2 #lock-title { (t!("lock-title")) }
                p { (rich!("lock-why", name = html! { strong translate="no" { (person.actor().full_name) } })) }
                p #lock-error .error role="alert" {}
                div .field {
                    label for="lock-name" { (t!("signin-name")) }
                    input #lock-name .input name="name" value=(person.actor().name) autocomplete="username" spellcheck="false";
                }
                div .field {
                    label for="lock-password" { (t!("signin-password")) }
                    input #lock-password .input type="password" name="password" autocomplete="current-password" autofocus;
                }
                button .btn .btn--primary { (t!("lock-go")) }
            }
        }
    }
}

/// The keys that work everywhere, each beside what it presses.
pub(crate) fn keys() -> Markup {
    let keys = [
        ("Ctrl+K", t!("palette-key-palette")),
        ("F2", t!("palette-key-scan")),
        ("F9", t!("palette-key-log")),
        ("Ctrl+Enter", t!("palette-key-send")),
        ("Esc", t!("palette-key-close")),
    ];
    html! {
        details .more .no-print {
            summary { (t!("palette-keys")) }
            dl .facts { @for (key, what) in &keys { div { dt { kbd { (key) } } dd { (what) } } } }
        }
    }
}
