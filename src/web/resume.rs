//! A form that was sent after its session had ended: nothing typed is lost, and nothing is done in another's name.
//!
//! The fields ride along on the page to sign in, and are sent again once the same account is back; a form with a place
//! for drafts is kept there as well, for its author only, in case somebody else or nobody signs in. That the form came
//! from the old session is known by its `csrf`; whose session that was, by the cookie. Passwords never ride along.

use std::future::Future;

use actix_web::{HttpRequest, web};
use maud::{Markup, html};

use super::Settings;
use super::drafts;
use super::error::PageError;
use super::fields::Fields;
use super::session::{is_local, same, secret, site};
use crate::domain::UserId;
use crate::lab::Lab;

/// What a kept field's name begins with while it rides along.
const KEPT: &str = "kept.";
/// The field with the address that the kept fields are for.
const TO: &str = "kept-to";

/// A form on its way: where to, and what was typed.
#[derive(Debug, Clone)]
pub(crate) struct Unsent {
    to: String,
    pairs: Vec<(String, String)>,
}

impl Unsent {
    fn new(to: &str, fields: &Fields) -> Option<Self> {
        let pairs = fields.pairs().filter(|(name, _)| !name.contains("password"));
        let pairs = pairs.map(|(name, value)| (name.to_owned(), value.to_owned())).collect();
        is_local(to).then(|| Self { to: to.to_owned(), pairs })
    }

    /// What a page to sign in carried along, if anything.
    pub(crate) fn carried(fields: &Fields) -> Option<Self> {
        let pairs =
            fields.pairs().filter_map(|(name, value)| Some((name.strip_prefix(KEPT)?.to_owned(), value.to_owned())));
        Self::new(fields.get(TO), &Fields::new(pairs.collect()))
    }

    /// The fields as they ride along.
    pub(crate) fn carry(&self) -> Markup {
        html! {
            input type="hidden" name=(TO) value=(self.to);
            @for (name, value) in &self.pairs { input type="hidden" name={ (KEPT) (name) } value=(value); }
        }
    }

    /// Where it goes.
    pub(crate) fn to(&self) -> &str {
        &self.to
    }

    /// The fields as they are sent again, in a session with this `csrf`.
    pub(crate) fn again(&self, csrf: &str) -> Markup {
        html! {
            input type="hidden" name="csrf" value=(csrf);
            @for (name, value) in self.pairs.iter().filter(|(name, _)| name != "csrf") {
                input type="hidden" name=(name) value=(value);
            }
        }
    }

    fn csrf(&self) -> &str {
        self.pairs.iter().find(|(name, _)| name == "csrf").map_or("", |(_, value)| value)
    }
}

/// Whose form this is: the person whose session ended before it was sent. None for a form from anywhere else.
///
/// # Errors
/// The store.
pub(crate) async fn owner(req: &HttpRequest, unsent: &Unsent) -> Result<Option<UserId>, PageError> {
    let (Some(lab), Some(settings)) = (req.app_data::<web::Data<Lab>>(), req.app_data::<web::Data<Settings>>()) else {
        return Ok(None);
    };
    let Some(secret) = secret(req, settings) else { return Ok(None) };
    let elsewhere = site(req.headers()).is_some_and(|s| s == "cross-site");
    let lapsed = lab.lapsed(&secret).await?;
    Ok(lapsed.filter(|l| !elsewhere && same(unsent.csrf(), &l.csrf)).map(|l| l.user))
}

/// The answer to a form of somebody who is not signed in (any more): to sign in, with the form if it is theirs.
pub(crate) async fn refuse(
    req: &HttpRequest,
    fields: impl Future<Output = Result<Fields, PageError>>,
    to: String,
) -> PageError {
    // Nobody's body is read who never had a session here.
    let had_session = req.app_data::<web::Data<Settings>>().is_some_and(|s| secret(req, s).is_some());
    if !had_session {
        return PageError::SignIn(to);
    }
    let fields = match fields.await {
        Ok(fields) => fields,
        Err(e) => return e,
    };
    let here = req.uri().path_and_query().map_or("/", |p| p.as_str());
    let Some(unsent) = Unsent::new(here, &fields) else { return PageError::SignIn(to) };
    match owner(req, &unsent).await {
        Ok(Some(owner)) => {
            if let Some(lab) = req.app_data::<web::Data<Lab>>() {
                drafts::keep_lapsed(lab, owner, &fields).await;
            }
            PageError::Resume(Box::new(unsent))
        }
        Ok(None) => PageError::SignIn(to),
        Err(e) => e,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn passwords_never_ride_along() {
        let fields = Fields::default().with("csrf", "x").with("password", "secret").with("note", "long text");
        let unsent = Unsent::new("/orders/1/results", &fields).unwrap();
        let carried = unsent.carry().into_string();
        assert!(carried.contains("long text") && !carried.contains("secret"), "{carried}");
        let again = unsent.again("y").into_string();
        assert!(
            again.contains("name=\"note\"") && again.contains("value=\"y\"") && !again.contains("\"x\""),
            "{again}"
        );
    }

    #[test]
    fn what_rides_along_comes_back_as_it_was() {
        let sent = Fields::new(vec![("a".into(), "1".into()), ("a".into(), "2".into()), ("kept.a".into(), "3".into())]);
        let unsent = Unsent::new("/cases/new", &sent).unwrap();
        let ridden = unsent.pairs.iter().map(|(n, v)| (format!("{KEPT}{n}"), v.clone()));
        let back = Unsent::carried(&Fields::new(ridden.chain([(TO.into(), unsent.to.clone())]).collect())).unwrap();
        assert_eq!(back.pairs, unsent.pairs);
        assert!(Unsent::new("https://evil.example/", &sent).is_none());
    }
}
