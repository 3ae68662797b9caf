package io.runnel.chaos.proxy;

import java.io.IOException;
import java.lang.System.Logger.Level;
import java.net.Socket;
import java.net.SocketException;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.LongSupplier;

/** A client's connection and the one to the server behind the proxy. Safe for any thread. */
final class Connection {
    private static final System.Logger LOG = System.getLogger(Connection.class.getName());

    private final Socket client;
    private final Socket server;
    private final Pipe up;
    private final Pipe down;
    private final Consumer<Connection> onClosed;
    private final List<Pipe> finished = new ArrayList<>();
    private boolean closed;

    Connection(
            Socket client,
            Socket server,
            Shaper upstream,
            Shaper downstream,
            LongSupplier nanoClock,
            Consumer<Connection> onClosed) {
        this.client = client;
        this.server = server;
        this.up = new Pipe(this, client, server, upstream, nanoClock);
        this.down = new Pipe(this, server, client, downstream, nanoClock);
        this.onClosed = onClosed;
    }

    void start(String name) {
        up.start(name + " up");
        down.start(name + " down");
    }

    void apply(List<Toxic> toxics) {
        up.apply(of(toxics, Direction.UPSTREAM));
        down.apply(of(toxics, Direction.DOWNSTREAM));
    }

    private static List<Toxic> of(List<Toxic> toxics, Direction direction) {
        return toxics.stream().filter(toxic -> toxic.stream() == direction).toList();
    }

    /** One direction is done; with both the connection is. */
    void finished(Pipe pipe) {
        boolean both;
        synchronized (this) {
            finished.add(pipe);
            both = finished.size() == 2;
        }
        if (both) {
            close();
        }
    }

    void close() {
        end(false);
    }

    /** Ends it with a RST on both sides. */
    void reset() {
        end(true);
    }

    private void end(boolean reset) {
        synchronized (this) {
            if (closed) {
                return;
            }
            closed = true;
        }
        close(client, reset);
        close(server, reset);
        up.close();
        down.close();
        onClosed.accept(this);
    }

    /** Closes a socket: politely, or with a RST, which is what no lingering at all makes. */
    static void close(Socket socket, boolean reset) {
        try (socket) {
            if (reset) {
                socket.setSoLinger(true, 0);
            }
        } catch (SocketException e) {
            LOG.log(Level.TRACE, "closed already", e);
        } catch (IOException e) {
            LOG.log(Level.DEBUG, "while closing a connection", e);
        }
    }
}
