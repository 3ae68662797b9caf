/**
 * How a task is called over HTTP, at a POP and in a region alike: the listeners' shell with its
 * limits, the edge's paths, header rules, problem documents, CGI (RFC 3875) and the shapes of API
 * Gateway and Lambda.
 *
 * <p>An {@link Exchange} and all that hangs on it belong to one event loop. Bodies stream: a guest
 * reads and writes blocking streams on its slot's thread, over bridges of 64 KiB each way. Whatever
 * comes from a caller or from a guest is hostile.
 */
package io.runnel.exec.http;
