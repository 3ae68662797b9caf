package io.runnel.routing.forward;

import io.vertx.core.Future;

import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;

/** Someone who calls a POP. */
final class User implements AutoCloseable {
    private final HttpClient client =
            HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    private final Pop pop;

    User(Pop pop) {
        this.pop = pop;
    }

    HttpRequest.Builder request(String path) {
        return HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + pop.port() + path))
                .timeout(Duration.ofSeconds(20));
    }

    HttpResponse<String> get(String path) {
        return Await.value(send(request(path).GET().build()));
    }

    HttpResponse<String> post(String path, String body, String... headers) {
        HttpRequest.Builder post = request(path).POST(BodyPublishers.ofString(body));
        return Await.value(send((headers.length == 0 ? post : post.headers(headers)).build()));
    }

    HttpResponse<String> send(HttpRequest.Builder request) {
        return Await.value(send(request.build()));
    }

    Future<HttpResponse<String>> send(HttpRequest request) {
        CompletableFuture<HttpResponse<String>> answer =
                client.sendAsync(request, BodyHandlers.ofString());
        return Future.fromCompletionStage(answer);
    }

    Future<HttpResponse<byte[]>> sendBytes(HttpRequest request) {
        return Future.fromCompletionStage(client.sendAsync(request, BodyHandlers.ofByteArray()));
    }

    /** A connection on which every byte is the test's own. */
    Wire wire() throws IOException {
        return new Wire(new Socket(InetAddress.getLoopbackAddress(), pop.port()));
    }

    @Override
    public void close() {
        client.shutdownNow();
    }

    /** HTTP/1.1 by hand. */
    record Wire(Socket socket, InputStream in, OutputStream out) implements AutoCloseable {
        private static final int TIMEOUT_MS = 20_000;

        Wire(Socket socket) throws IOException {
            this(
                    socket,
                    new BufferedInputStream(socket.getInputStream()),
                    socket.getOutputStream());
            socket.setSoTimeout(TIMEOUT_MS);
        }

        void send(String text) throws IOException {
            out.write(text.replace("\n", "\r\n").getBytes(StandardCharsets.ISO_8859_1));
            out.flush();
        }

        /** The head of the answer, without its empty line. */
        String head() throws IOException {
            StringBuilder head = new StringBuilder();
            while (head.indexOf("\r\n\r\n") < 0) {
                int next = in.read();
                if (next < 0) {
                    throw new IOException("connection closed after: " + head);
                }
                head.append((char) next);
            }
            return head.toString().replace("\r\n", "\n").strip();
        }

        @Override
        public void close() throws IOException {
            socket.close();
        }
    }
}
