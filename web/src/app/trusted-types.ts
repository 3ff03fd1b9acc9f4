/**
 * The one policy of the desk. No text ever becomes markup or script here; a worker or a script may come from where the
 * desk itself came from and from nowhere else.
 */
type Policy = { createHTML: () => string; createScript: () => string; createScriptURL: (url: string) => string };

export function sameOriginOnly(url: string, origin: string): string {
  if (new URL(url, origin).origin !== origin) throw new TypeError(`script from elsewhere refused: ${url}`);
  return url;
}

const refuse = () => {
  throw new TypeError('text is not turned into markup or script here');
};

const factory = (globalThis as { trustedTypes?: { createPolicy(name: string, policy: Policy): unknown } }).trustedTypes;
factory?.createPolicy('default', { createHTML: refuse, createScript: refuse, createScriptURL: (url) => sameOriginOnly(url, location.origin) });
