export declare const packed: { readonly directory: string; readonly entry: string }
export declare const setup: () => void
