//! A TCP proxy that spoils connections.

use std::io::{Read, Write};
use std::net::{Shutdown, TcpListener, TcpStream};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Condvar, Mutex, Weak};
use std::thread;
use std::time::Duration;

use anyhow::{Context, Result};

use crate::wait;

/// What the proxy does with what passes through.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Weather {
    /// Passes it on.
    Clear,
    /// Holds it back, connections open, until the weather changes.
    Stalled,
    /// Passes each piece on that much later.
    Delayed(Duration),
    /// Ends every connection, and each new one.
    Cut,
}

/// A listener that hands connections on to a broker. Its threads live as long as the process.
pub struct Proxy {
    shared: Arc<Shared>,
}

struct Shared {
    weather: Mutex<Weather>,
    changed: Condvar,
    connections: Mutex<Vec<Weak<Connection>>>,
    bytes: AtomicU64,
}

struct Connection {
    client: TcpStream,
    broker: TcpStream,
}

impl Connection {
    fn end(&self) {
        // The other side may have ended it already.
        let _ = self.client.shutdown(Shutdown::Both);
        let _ = self.broker.shutdown(Shutdown::Both);
    }
}

impl Proxy {
    /// Listens on one loopback port, and hands connections on to another.
    pub fn start(listen: u16, broker: u16) -> Result<Proxy> {
        let listener = TcpListener::bind(("127.0.0.1", listen))
            .with_context(|| format!("cannot listen on port {listen}"))?;
        let shared = Arc::new(Shared {
            weather: Mutex::new(Weather::Clear),
            changed: Condvar::new(),
            connections: Mutex::default(),
            bytes: AtomicU64::new(0),
        });
        let accepting = shared.clone();
        thread::spawn(move || {
            for client in listener.incoming().flatten() {
                // A broker that is down ends the connection, as it would without a proxy.
                if let Ok(broker) = TcpStream::connect(("127.0.0.1", broker)) {
                    accepting.connect(client, broker);
                }
            }
        });
        Ok(Proxy { shared })
    }

    /// Changes the weather for every connection, those that are open included; gives the number of open ones.
    pub fn set(&self, weather: Weather) -> usize {
        *self.shared.lock_weather() = weather;
        self.shared.changed.notify_all();
        let open = self.shared.open();
        if weather == Weather::Cut {
            open.iter().for_each(|connection| connection.end());
        }
        open.len()
    }

    /// Bytes that have passed so far, both ways.
    pub fn bytes(&self) -> u64 {
        self.shared.bytes.load(Ordering::Relaxed)
    }
}

impl Shared {
    fn lock_weather(&self) -> std::sync::MutexGuard<'_, Weather> {
        self.weather
            .lock()
            .expect("no holder of this lock can panic")
    }

    fn open(&self) -> Vec<Arc<Connection>> {
        let mut connections = self
            .connections
            .lock()
            .expect("no holder of this lock can panic");
        connections.retain(|connection| connection.strong_count() > 0);
        connections.iter().filter_map(Weak::upgrade).collect()
    }

    fn connect(self: &Arc<Self>, client: TcpStream, broker: TcpStream) {
        let connection = Arc::new(Connection { client, broker });
        self.connections
            .lock()
            .expect("no holder of this lock can panic")
            .push(Arc::downgrade(&connection));
        if *self.lock_weather() == Weather::Cut {
            connection.end();
            return;
        }
        let (shared, same) = (self.clone(), connection.clone());
        thread::spawn(move || {
            shared.pass(&same.client, &same.broker);
            same.end();
        });
        let shared = self.clone();
        thread::spawn(move || {
            shared.pass(&connection.broker, &connection.client);
            connection.end();
        });
    }

    /// Passes on what comes from one side until a side ends.
    fn pass(&self, mut from: &TcpStream, mut to: &TcpStream) {
        let mut piece = vec![0; 64 * 1024];
        loop {
            let length = match from.read(&mut piece) {
                Ok(length) if length > 0 => length,
                _ => return,
            };
            let weather = *self
                .changed
                .wait_while(self.lock_weather(), |weather| *weather == Weather::Stalled)
                .expect("no holder of this lock can panic");
            if let Weather::Delayed(time) = weather {
                wait::endure(time);
            }
            if to.write_all(&piece[..length]).is_err() {
                return;
            }
            self.bytes.fetch_add(length as u64, Ordering::Relaxed);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ports;

    /// A server that sends back what it gets, behind a proxy.
    fn echo() -> (Proxy, TcpStream) {
        let (front, back) = (ports::free().unwrap(), ports::free().unwrap());
        let server = TcpListener::bind(("127.0.0.1", back)).unwrap();
        thread::spawn(move || {
            for mut client in server.incoming().flatten() {
                thread::spawn(move || {
                    let mut reader = client.try_clone().unwrap();
                    std::io::copy(&mut reader, &mut client)
                });
            }
        });
        let proxy = Proxy::start(front, back).unwrap();
        let client = TcpStream::connect(("127.0.0.1", front)).unwrap();
        (proxy, client)
    }

    fn say_and_hear(mut client: &TcpStream) -> std::io::Result<[u8; 4]> {
        client.write_all(b"word")?;
        let mut heard = [0; 4];
        client.read_exact(&mut heard)?;
        Ok(heard)
    }

    #[test]
    fn clear_weather_passes_bytes_and_a_cut_ends_the_connection() {
        let (proxy, client) = echo();
        assert_eq!(&say_and_hear(&client).unwrap(), b"word");
        assert_eq!(proxy.set(Weather::Cut), 1);
        assert!(say_and_hear(&client).is_err());
    }

    #[test]
    fn a_stall_holds_bytes_back_and_its_end_lets_them_go() {
        let (proxy, client) = echo();
        assert_eq!(&say_and_hear(&client).unwrap(), b"word");
        proxy.set(Weather::Stalled);
        client
            .set_read_timeout(Some(Duration::from_millis(200)))
            .unwrap();
        assert!(say_and_hear(&client).is_err());
        client.set_read_timeout(None).unwrap();
        proxy.set(Weather::Clear);
        let mut heard = [0; 4];
        (&client).read_exact(&mut heard).unwrap();
        assert_eq!(&heard, b"word");
    }
}
