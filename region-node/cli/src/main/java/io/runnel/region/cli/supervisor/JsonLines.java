package io.runnel.region.cli.supervisor;

import com.fasterxml.jackson.databind.JsonNode;

import io.runnel.region.cli.supervisor.SupervisorException.Code;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.Writer;
import java.nio.channels.Channels;
import java.nio.channels.SocketChannel;
import java.nio.charset.StandardCharsets;

/** A connection on which each side says JSON objects, one a line. For one reader and one writer. */
final class JsonLines implements AutoCloseable {
    private static final int MOST_CHARACTERS = 256 << 10;

    private final SocketChannel channel;
    private final BufferedReader in;
    private final Writer out;

    JsonLines(SocketChannel channel) {
        this.channel = channel;
        this.in = new BufferedReader(Channels.newReader(channel, StandardCharsets.UTF_8));
        this.out = Channels.newWriter(channel, StandardCharsets.UTF_8);
    }

    /**
     * The next object.
     *
     * @throws SupervisorException with code {@code NO_ANSWER} if the other side has closed, or
     *     speaks something else
     */
    JsonNode read() throws IOException {
        StringBuilder line = new StringBuilder();
        int c = in.read();
        while (c >= 0 && c != '\n' && line.length() < MOST_CHARACTERS) {
            line.append((char) c);
            c = in.read();
        }
        if (c != '\n') {
            throw new SupervisorException(Code.NO_ANSWER, "the other side ended in mid-sentence");
        }
        return SupervisorMessages.parse(line.toString());
    }

    void write(JsonNode json) throws IOException {
        out.write(json + "\n");
        out.flush();
    }

    @Override
    public void close() throws IOException {
        channel.close();
    }
}
