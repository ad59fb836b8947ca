//! What every HTTP answer has in common, whether JSON for programs or HTML for people: a request id, a deadline,
//! security headers, and one way to say that something went wrong.

pub mod attachment;
pub mod guard;
pub mod metrics;
pub mod printed;
pub mod problem;

pub use guard::{RequestId, guard};
pub use problem::Problem;
