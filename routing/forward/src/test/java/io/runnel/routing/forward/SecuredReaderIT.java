package io.runnel.routing.forward;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import static java.nio.charset.StandardCharsets.US_ASCII;

import io.runnel.exec.http.UserTls;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerResponse;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.X509Certificate;
import java.util.concurrent.atomic.AtomicLong;

import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManager;
import javax.net.ssl.X509TrustManager;

/** A user over TLS who allows as much as can be said, and reads nothing of it. */
class SecuredReaderIT {
    private static final int CHUNK = 64 * 1024;
    private static final long BODY = 100L << 20;

    /** What sockets and windows between the two ends may hold. */
    private static final long MOST_UNDER_WAY = 24L << 20;

    private static final int HEADERS = 1;
    private static final int SETTINGS = 4;
    private static final int WINDOW_UPDATE = 8;
    private static final int WHOLE = 5;

    private static final String PASSWORD = "changeit";

    @TempDir private Path folder;
    @RegisterExtension final OneRegion scene = new OneRegion();
    private final AtomicLong sent = new AtomicLong();

    @Test
    void aForwardedAnswerWaitsForHim() throws Exception {
        SSLContext shown = shown();
        scene.region.onCall(request -> pour(request.response().setChunked(true)));
        try (Pop pop = Pop.secured(scene.vertx, new UserTls(() -> shown), scene.region);
                SSLSocket socket = connect(pop.port())) {
            OutputStream out = socket.getOutputStream();
            out.write("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n".getBytes(US_ASCII));
            out.write(frame(SETTINGS, 0, 0, new byte[] {0, 4, 0x7f, -1, -1, -1}));
            out.write(frame(WINDOW_UPDATE, 0, 0, new byte[] {0x7f, -1, 0, 0}));
            out.write(frame(HEADERS, WHOLE, 1, request("/fn/demo/large")));
            assertTrue(socket.getInputStream().read() >= 0);
            Await.until(() -> sent.get() > 0, () -> "nothing was sent");
            long ahead = Await.steady(sent::get);
            assertTrue(ahead < MOST_UNDER_WAY, () -> ahead + " bytes sent that nobody read");
        }
    }

    /** Writes a whole body as fast as it is taken. */
    private void pour(HttpServerResponse response) {
        response.drainHandler(drained -> pour(response));
        while (sent.get() < BODY && !response.writeQueueFull()) {
            response.write(Buffer.buffer(new byte[CHUNK]));
            sent.addAndGet(CHUNK);
        }
    }

    /** A key of its own, made by the tool that comes with Java. */
    private SSLContext shown() throws Exception {
        Path file = folder.resolve("key.p12");
        Process tool =
                new ProcessBuilder(
                                Path.of(System.getProperty("java.home"), "bin", "keytool")
                                        .toString(),
                                "-genkeypair",
                                "-alias",
                                "pop",
                                "-keyalg",
                                "EC",
                                "-dname",
                                "CN=pop",
                                "-storepass",
                                PASSWORD,
                                "-keystore",
                                file.toString())
                        .inheritIO()
                        .start();
        assertEquals(0, tool.waitFor());
        KeyStore keys = KeyStore.getInstance(file.toFile(), PASSWORD.toCharArray());
        KeyManagerFactory managers = KeyManagerFactory.getInstance("PKIX");
        managers.init(keys, PASSWORD.toCharArray());
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(managers.getKeyManagers(), null, null);
        return context;
    }

    private static SSLSocket connect(int port) throws IOException, GeneralSecurityException {
        Socket plain = new Socket();
        plain.setReceiveBufferSize(CHUNK);
        plain.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port));
        plain.setSoTimeout(20_000);
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(null, new TrustManager[] {new Anybody()}, null);
        SSLSocket socket =
                (SSLSocket) context.getSocketFactory().createSocket(plain, "127.0.0.1", port, true);
        SSLParameters asked = socket.getSSLParameters();
        asked.setApplicationProtocols(new String[] {"h2"});
        socket.setSSLParameters(asked);
        socket.startHandshake();
        return socket;
    }

    /** GET, https, this path and a, as HPACK has them. */
    private static byte[] request(String path) {
        return ByteBuffer.allocate(7 + path.length())
                .put(new byte[] {(byte) 0x82, (byte) 0x87, 0x04, (byte) path.length()})
                .put(path.getBytes(US_ASCII))
                .put(new byte[] {0x01, 1, 'a'})
                .array();
    }

    private static byte[] frame(int type, int flags, int stream, byte[] payload) {
        return ByteBuffer.allocate(9 + payload.length)
                .putInt(payload.length << 8 | type)
                .put((byte) flags)
                .putInt(stream)
                .put(payload)
                .array();
    }

    /** Believes whoever answers: what is read matters here, not by whom. */
    private static final class Anybody implements X509TrustManager {
        @Override
        public void checkServerTrusted(X509Certificate[] chain, String authType) {}

        @Override
        public void checkClientTrusted(X509Certificate[] chain, String authType) {}

        @Override
        public X509Certificate[] getAcceptedIssuers() {
            return new X509Certificate[0];
        }
    }
}
