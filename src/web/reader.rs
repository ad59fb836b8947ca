//! How this device reads pages: language and theme, chosen by cookies, and ambient while a page is made.
//!
//! Neither belongs to an account: the dark room's workstation stays dark whoever sits there.

use std::future::Future;

use actix_web::cookie::{Cookie, SameSite, time::Duration};
use actix_web::http::header;
use actix_web::{HttpRequest, HttpResponse, web};

use super::fields::Fields;
use super::language::Language;
use super::session::{Unsigned, is_local};
use super::{Settings, see_other};

/// Light or dark.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub(crate) enum Theme {
    /// As the system says.
    #[default]
    System,
    /// Ink on paper.
    Light,
    /// For microscope rooms.
    Dark,
}

impl Theme {
    pub(crate) const ALL: [Self; 3] = [Self::System, Self::Light, Self::Dark];

    pub(crate) const fn name(self) -> &'static str {
        match self {
            Self::System => "system",
            Self::Light => "light",
            Self::Dark => "dark",
        }
    }

    fn parse(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|t| t.name() == name)
    }
}

/// What a device has chosen.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Reader {
    pub(crate) language: Language,
    pub(crate) theme: Theme,
}

impl Reader {
    /// What a request's cookies and headers say.
    pub(crate) fn of(req: &HttpRequest) -> Self {
        let cookie = |name: &str| req.cookie(name).map(|c| c.value().to_owned());
        let wanted = req.headers().get(header::ACCEPT_LANGUAGE).and_then(|v| v.to_str().ok()).unwrap_or_default();
        Self {
            language: Language::wanted(cookie(LANGUAGE).as_deref(), wanted),
            theme: cookie(THEME).and_then(|c| Theme::parse(&c)).unwrap_or_default(),
        }
    }
}

const LANGUAGE: &str = "lang";
const THEME: &str = "theme";

tokio::task_local! {
    static READER: Reader;
}

/// Makes pages for this reader while it runs.
pub(crate) async fn scoped<F: Future>(reader: Reader, work: F) -> F::Output {
    READER.scope(reader, work).await
}

/// As [`scoped`], for what does not wait.
pub(crate) fn scoped_now<R>(reader: Reader, work: impl FnOnce() -> R) -> R {
    READER.sync_scope(reader, work)
}

/// Whoever reads what is being made; English and the system's theme outside of any request.
pub(crate) fn current() -> Reader {
    READER.try_with(|r| *r).unwrap_or(Reader { language: Language::English, theme: Theme::System })
}

/// `POST /preferences`: keeps a choice on this device for a year, and goes back to the page it was made on.
pub(crate) async fn post(settings: web::Data<Settings>, sent: Unsigned) -> HttpResponse {
    let fields: Fields = sent.fields;
    let next = Some(fields.get("next")).filter(|n| is_local(n)).unwrap_or("/");
    let mut res = see_other(next);
    let language = Language::parse(fields.get(LANGUAGE)).map(Language::tag);
    let theme = Theme::parse(fields.get(THEME)).map(Theme::name);
    for (name, value) in [(LANGUAGE, language), (THEME, theme)] {
        if let Some(value) = value {
            let cookie = Cookie::build(name, value)
                .path("/")
                .http_only(true)
                .same_site(SameSite::Lax)
                .secure(settings.secure_cookies)
                .max_age(Duration::days(365))
                .finish();
            res.add_cookie(&cookie).ok();
        }
    }
    std::future::ready(res).await
}
