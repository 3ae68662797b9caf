package io.runnel.exec.isolate;

import java.io.InputStream;

/**
 * Where one call's bytes come from and go to. All three are used by the call's slot thread only,
 * may block it, and are told of its end by interrupt. A body that can be read again ({@link
 * InputStream#markSupported}) never blocks: then all three may be used by the thread that begins
 * the call.
 *
 * @param body the request's body or payload; whoever gave it closes it
 * @param out the guest's standard output; the runner counts and ends it at the task's limit
 * @param log the guest's standard error; the runner counts and drops what is past the limit
 */
public record CallStreams(InputStream body, OutputSink out, OutputSink log) {}
