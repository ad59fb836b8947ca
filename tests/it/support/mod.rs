//! Engines, servers, people: what the tests start and stop.

pub mod browser;
pub mod engine;
pub mod http;
pub mod page;
pub mod pdf;
pub mod people;
pub mod server;
pub mod shapes;

pub use browser::Browser;
pub use engine::{Engine, engines};
pub use http::{Reply, Token};
pub use page::Visitor;
pub use people::Staff;
pub use server::TestServer;
