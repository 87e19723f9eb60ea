export declare const LAYERS: Readonly<Record<string, Readonly<Record<string, string>>>>
export declare const FOLDERS: readonly string[]
export declare const EFFECT_FOLDERS: readonly string[]
export declare const EFFECT_GLOBALS: readonly string[]
export declare const RANDOM_FUNCTIONS: readonly string[]
