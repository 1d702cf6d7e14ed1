use std::net::SocketAddr;
#[derive(Debug)]
pub struct FixedNames;
impl FixedNames {
    pub fn look_up(&self, _: &str, _: u16) -> Option<Vec<SocketAddr>> {
        None
    }
}
