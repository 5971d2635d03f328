/** Where to listen or to connect. */
export type EndpointAddress =
  | {
      readonly kind: 'tcp';
      readonly host: string;
      readonly port: number;
      /** TLS from the first byte. */
      readonly tls: boolean;
    }
  | { readonly kind: 'unix'; readonly path: string };
