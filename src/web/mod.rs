//! placeholder
/// x
#[derive(Clone)]
pub struct Settings { /// x
 pub secure_cookies: bool, /// x
 pub demo_accounts: Vec<(String,String,String)> }
/// x
pub fn configure(_c: &mut actix_web::web::ServiceConfig, _s: Settings) {}
