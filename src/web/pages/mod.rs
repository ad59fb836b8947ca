//! The pages: their addresses, and which of them change by themselves. Each page is a file in the room of those who use it.

mod bench;
mod cases;
mod clinic;
pub(super) mod everyone;
mod office;
mod reports;
mod results;
mod seen;

use actix_web::web::ServiceConfig;

use super::error::PageError;
use super::fields::Fields;
use super::live::{Part, Piece};
use super::session::Person;
use super::{form, page, post};

/// The addresses of all pages.
pub(crate) fn configure(cfg: &mut ServiceConfig) {
    cfg.service(page("/", everyone::home::get))
        .service(form("/sign-in", everyone::sign_in::get, everyone::sign_in::post))
        .service(post("/sign-out", everyone::sign_in::out))
        .service(form("/search", everyone::search::get, everyone::search::post))
        .service(post("/palette", everyone::palette::post))
        .service(post("/unlock", everyone::lock::unlock))
        .service(page("/alive", everyone::lock::alive))
        .service(form("/views", everyone::views::get, everyone::views::post))
        .service(post("/views/{id}/forget", everyone::views::forget))
        .service(form("/cases/new", cases::new::get, cases::new::post))
        .service(page("/cases", cases::list::get))
        .service(page("/cases/{accession}", cases::show::get))
        .service(post("/cases/{accession}/parts", cases::show::add_part))
        .service(post("/cases/{accession}/orders", cases::show::add_order))
        .service(post("/cases/{accession}/sample-plan", cases::show::plan_sample))
        .service(post("/cases/{accession}/undo", bench::take_back::post))
        .service(post("/cases/{accession}/calls", cases::critical::post))
        .service(form("/cases/{accession}/labels", bench::labels::get_case, bench::labels::post_case))
        .service(page("/cases/{accession}/labels.zpl", bench::labels::zpl_case))
        .service(form("/cases/{accession}/report", reports::compose::get, reports::compose::post))
        .service(post("/cases/{accession}/report/sign", reports::compose::sign))
        .service(page("/cases/{accession}/reports/{number}", reports::show::get))
        .service(page("/cases/{accession}/reports/{number}/pdf", reports::show::pdf))
        .service(post("/cases/{accession}/reports/{number}/read", reports::read::post))
        .service(post("/cases/{accession}/reports/{number}/void", reports::show::void))
        .service(form("/scan", bench::scan::get, bench::scan::post))
        .service(form("/labels", bench::label_queue::get, bench::label_queue::post))
        .service(form("/specimens/{label}/label", bench::labels::get_part, bench::labels::post_part))
        .service(page("/specimens/{label}/label.zpl", bench::labels::zpl_part))
        .service(page("/scan/commands", bench::scan_help::commands))
        .service(page("/scan/test", bench::scan_help::test))
        .service(page("/cases/{accession}/check-in", bench::check_in::get))
        .service(page("/storage", bench::storage::home))
        .service(form("/storage/discard", bench::storage::get_discard, bench::storage::post_discard))
        .service(page("/storage/{place}", bench::storage::place))
        .service(form("/specimens/{label}/steps/{step}", bench::specimen_step::get, bench::specimen_step::post))
        .service(page("/worklists", bench::worklist::home))
        .service(form("/worklists/{department}", bench::worklist::get, bench::worklist::post))
        .service(post("/worklists/{department}/bench", bench::worklist::bench))
        .service(page("/orders/{id}", bench::order::get))
        .service(form("/orders/{id}/steps/{step}", bench::order::get_step, bench::order::post_step))
        .service(post("/orders/{id}/results", bench::order::enter))
        .service(post("/orders/{id}/documents", bench::document::post))
        .service(page("/documents/{id}", bench::document::get))
        .service(page("/orders/{id}/newest", bench::order::newest))
        .service(page("/verify", results::verify::get))
        .service(form("/iscn", results::iscn::get, results::iscn::post))
        .service(page("/results/{id}", results::result::get))
        .service(post("/results/{id}/{deed}", results::result::post))
        .service(page("/recollections", bench::recollections::get))
        .service(page("/patients", clinic::patients::get))
        .service(page("/track/{accession}/history", clinic::tracker::whole))
        .service(page("/patients/{id}", clinic::timeline::get))
        .service(form("/notices", clinic::notices::get, clinic::notices::post))
        .service(form("/track/{accession}", clinic::tracker::get, clinic::follow::post))
        .service(page("/sign", reports::sign::get))
        .service(form("/exports", office::exports::get, office::exports::post))
        .service(page("/exports/{id}/file", office::export_jobs::file))
        .service(post("/exports/{id}/cancel", office::export_jobs::cancel))
        .service(post("/exports/download", office::exports::download))
        .service(page("/turnaround", office::turnaround::get))
        .service(page("/turnaround/orders", office::turnaround_orders::get))
        .service(page("/users", office::users::list))
        .service(form("/users/new", office::users::new, office::users::add))
        .service(page("/users/{name}", office::users::get))
        .service(post("/users/{name}/{deed}", office::users::post))
        .service(page("/system", office::system::get))
        .service(post("/system/verify", office::system::post_verify))
        .service(page("/catalogue", office::catalogue::get))
        .service(page("/catalogue/versions", office::catalogue::list))
        .service(page("/catalogue/versions/{version}", office::catalogue::version))
        .service(page("/catalogue/versions/{version}/text", office::catalogue::text))
        .service(form("/catalogue/edit", office::catalogue_edit::get, office::catalogue_edit::post))
        .service(page("/journal", office::journal::get));
}

/// The parts of a page that change by themselves; None where a page has none.
///
/// # Errors
/// What the page itself would say.
pub(crate) async fn live(person: &Person, path: &str, query: &Fields) -> Result<Option<Vec<Piece>>, PageError> {
    let path: Vec<&str> = path.split('/').skip(1).collect();
    let mut pieces: Vec<Piece> = match path.as_slice() {
        ["track", accession] => clinic::tracker::live(person, accession).await?,
        other => match parts(person, other, query).await? {
            Some(parts) => parts.into_iter().map(Piece::from).collect(),
            None => return Ok(None),
        },
    };
    pieces.push(clinic::notices::bell_part(person).await?.into());
    Ok(Some(pieces))
}

/// Those of the pages whose parts change as a whole.
async fn parts(person: &Person, path: &[&str], query: &Fields) -> Result<Option<Vec<Part>>, PageError> {
    Ok(Some(match path {
        ["patients"] => clinic::patients::live(person).await?,
        ["notices"] => clinic::notices::live(person).await?,
        ["cases", accession] if *accession != "new" => cases::show::live(person, accession).await?,
        ["cases", accession, "check-in"] => bench::check_in::live(person, accession).await?,
        ["worklists", department] => bench::worklist::live(person, department, query).await?,
        ["labels"] => bench::label_queue::live(person).await?,
        ["exports"] => office::exports::live(person).await?,
        ["system"] => office::system::live(person).await?,
        ["sign"] => reports::sign::live(person).await?,
        ["verify"] => results::verify::live(person, query).await?,
        _ => return Ok(None),
    }))
}
