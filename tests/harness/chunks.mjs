// The chunked transfer coding (RFC 9112, section 7.1), as strictly as this server promises it.

/** Takes the bytes of a chunked body, gives its content; no extensions, no trailers. */
export class ChunkDecoder {
  #rest = Buffer.alloc(0);
  done = false;

  push(bytes) {
    this.#rest = this.#rest.length ? Buffer.concat([this.#rest, bytes]) : bytes;
    const content = [];
    for (;;) {
      const at = this.#rest.indexOf('\r\n');
      if (at < 0) break;
      const sizeText = this.#rest.subarray(0, at).toString('latin1');
      if (!/^[0-9a-f]{1,8}$/i.test(sizeText))
        throw new Error(`bad chunk size ${JSON.stringify(sizeText)}`);
      const size = parseInt(sizeText, 16);
      const end = at + 2 + size + 2;
      if (this.#rest.length < end) break;
      if (this.#rest.toString('latin1', end - 2, end) !== '\r\n')
        throw new Error('chunk without its CRLF');
      if (size > 0) content.push(this.#rest.subarray(at + 2, end - 2));
      this.#rest = this.#rest.subarray(end);
      if (size === 0) {
        this.done = true;
        if (this.#rest.length) throw new Error('bytes after the last chunk');
      }
    }
    return content;
  }
}
