package invented.region.server;

import com.fasterxml.jackson.databind.ObjectMapper;

import invented.exec.task.ReadsClock;

/** As it should be: a room below, a library of its own, and a main that ends the process. */
public final class Allowed {
    /** An answer. */
    public String answer() throws Exception {
        return new ObjectMapper().writeValueAsString(new ReadsClock().now());
    }

    /** The process. */
    public static void main(String[] arguments) {
        System.exit(arguments.length);
    }
}
