/**
 * One file for each icon, so that what nobody shows is not even read. The package has types only for all
 * of them together, two megabytes of them.
 */
declare module 'lucide/dist/esm/icons/*.mjs' {
	import type { IconNode } from '#lib/ui/icon.ts';

	const icon: IconNode;
	export default icon;
}
