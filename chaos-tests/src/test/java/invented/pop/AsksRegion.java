package invented.pop;

import com.fasterxml.jackson.databind.ObjectMapper;

import invented.region.server.Allowed;

import java.util.logging.Logger;

/**
 * Broken on purpose: a POP uses the region, logs past System.Logger, brings a library of its own.
 */
public final class AsksRegion {
    private static final Logger LOG = Logger.getLogger("invented");

    /** Asks. */
    public String ask() throws Exception {
        LOG.info("asking");
        return new ObjectMapper().writeValueAsString(new Allowed().answer());
    }
}
